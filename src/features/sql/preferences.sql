-- Individual preferences: what a customer bought of each value of one dimension ($dimension: a product, a category).
-- Reads  purchases, dimension_values(dimension, position, value).
-- Writes preferences(customer_id, position, lines, share, days, orders90), rows only where something was bought.

CREATE OR REPLACE TABLE preferences AS
WITH own AS (
  SELECT customer_id, count(*) AS lines FROM purchases GROUP BY customer_id
), by_value AS (
  SELECT
    customer_id,
    position,
    count(*) AS lines,
    date_diff('day', CAST(max(bought_at) AS DATE), $as_of) AS days,
    count(DISTINCT order_id) FILTER (WHERE bought_at >= $as_of - INTERVAL 90 DAY) AS orders90
  FROM purchases JOIN dimension_values ON value = $column AND dimension = $dimension
  GROUP BY customer_id, position
)
SELECT
  customer_id,
  position,
  least(by_value.lines, 255) AS lines,
  by_value.lines / CAST(own.lines AS DOUBLE) AS share,
  least(days, 9999) AS days,
  least(orders90, 255) AS orders90
FROM by_value JOIN own USING (customer_id);
