-- Comparable customers: of the others who bought what this customer bought, the share who also bought a value of the
-- dimension; averaged over the customer's products, rarer products counting more: weight 1/⁴√others, because
-- steeper weights let products with one or two other buyers, whose shares say little, drown the rest.
-- Reads  bought, purchases, dimension_values(dimension, position, value).
-- Writes comparable(customer_id, position, peers), one row for every customer who bought and every position.
--
-- For product i of customer c, with n(i) customers, and n(i,v) of them who bought value v too:
--   others who bought i         n(i) - 1
--   of these, who bought v      n(i,v) - has(c,v)         c bought i, so c is among n(i,v) exactly if c bought v
--   peers(c,v) = sum_i w(i) (n(i,v) - has(c,v)) / (n(i) - 1)  /  sum_i w(i),   over products i with others
-- The sum parts into sum_i a(i) n(i,v) - has(c,v) sum_i a(i), so counts of product and value suffice, and no pair of
-- customers is ever formed. a(i) and w(i) are scaled to integers; √ and the quotient of two integers are rounded
-- alike on every machine.
-- Without any product that somebody else bought, the share of all other customers who bought v stands.

CREATE OR REPLACE TABLE comparable AS
WITH product_customers AS (
  SELECT product, count(*) AS customers FROM bought GROUP BY product
), weights AS (
  SELECT product, weight, (weight * 1000000000) // (customers - 1) AS unit
  FROM (
    SELECT product, customers, CAST(floor(1000000 / sqrt(sqrt(customers - 1))) AS BIGINT) AS weight
    FROM product_customers WHERE customers > 1
  )
), liked AS (
  SELECT DISTINCT customer_id, position
  FROM purchases JOIN dimension_values ON value = $column AND dimension = $dimension
), together AS (
  SELECT product, position, count(*) AS customers
  FROM bought JOIN liked USING (customer_id)
  GROUP BY product, position
), customer_weights AS (
  SELECT customer_id, sum(weight) AS weight, sum(unit) AS unit
  FROM bought JOIN weights USING (product)
  GROUP BY customer_id
), alike AS (
  SELECT customer_id, position, sum(unit * customers) AS amount
  FROM bought JOIN weights USING (product) JOIN together USING (product)
  GROUP BY customer_id, position
), everybody AS (
  SELECT count(DISTINCT customer_id) AS customers FROM bought
), position_customers AS (
  SELECT position, count(*) AS customers FROM liked GROUP BY position
), asked AS (
  SELECT customer_id, position
  FROM (SELECT DISTINCT customer_id FROM bought)
  CROSS JOIN (SELECT position FROM dimension_values WHERE dimension = $dimension)
)
SELECT
  asked.customer_id,
  asked.position,
  CASE
    WHEN customer_weights.weight IS NOT NULL THEN
      (coalesce(alike.amount, 0) - CASE WHEN liked.position IS NULL THEN 0 ELSE customer_weights.unit END)
        / (CAST(1000000000 AS DOUBLE) * customer_weights.weight)
    WHEN everybody.customers > 1 THEN
      (coalesce(position_customers.customers, 0) - CASE WHEN liked.position IS NULL THEN 0 ELSE 1 END)
        / CAST(everybody.customers - 1 AS DOUBLE)
    ELSE 0
  END AS peers
FROM asked
CROSS JOIN everybody
LEFT JOIN customer_weights USING (customer_id)
LEFT JOIN alike ON alike.customer_id = asked.customer_id AND alike.position = asked.position
LEFT JOIN liked ON liked.customer_id = asked.customer_id AND liked.position = asked.position
LEFT JOIN position_customers ON position_customers.position = asked.position;
