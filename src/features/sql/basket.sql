-- The basket: how much a customer puts in it, how dear and how varied.
-- Reads  purchases, orders_made, price_thirds, returned.
-- Writes basket(customer_id, …), one row a customer who bought, and returns(customer_id, lines).

CREATE OR REPLACE TABLE returns AS
SELECT customer_id, count(*) AS lines FROM returned GROUP BY customer_id;

CREATE OR REPLACE TABLE basket AS
WITH orders AS (
  SELECT customer_id, count(*) AS orders FROM orders_made GROUP BY customer_id
), lines AS (
  SELECT
    customer_id,
    count(*) AS lines,
    sum(unit_price_milli) AS price_sum_milli,
    median(unit_price_milli) AS price_median_milli,
    max(unit_price_milli) AS price_max_milli,
    count(*) FILTER (WHERE unit_price_milli <= cheap_to) AS cheap,
    count(*) FILTER (WHERE unit_price_milli > premium_above) AS premium,
    count(DISTINCT product) AS products
  FROM purchases CROSS JOIN price_thirds
  GROUP BY customer_id
)
SELECT
  customer_id,
  lines.lines,
  lines.lines / CAST(orders.orders AS DOUBLE) AS avg_lines_per_order,
  price_sum_milli / (CAST(1000 AS DOUBLE) * lines.lines) AS avg_unit_price,
  price_median_milli / CAST(1000 AS DOUBLE) AS median_unit_price,
  price_max_milli / CAST(1000 AS DOUBLE) AS max_unit_price,
  cheap / CAST(lines.lines AS DOUBLE) AS cheap_share,
  premium / CAST(lines.lines AS DOUBLE) AS premium_share,
  products AS distinct_products
FROM lines JOIN orders USING (customer_id);
