-- What is known of each value of one dimension as of the date: demand, trend, price and label.
-- Reads  purchases, dimension_values(dimension, position, value).
-- Writes items, one row a value in the order of position; prices and counts are 0 for what nobody has bought yet.

CREATE OR REPLACE TABLE items AS
WITH lines AS (
  SELECT position, customer_id, order_id, bought_at, unit_price_milli, trim(description) AS description
  FROM purchases JOIN dimension_values ON value = $column AND dimension = $dimension
), demand AS (
  SELECT
    position,
    count(DISTINCT (customer_id, order_id)) AS orders,
    count(DISTINCT (customer_id, order_id)) FILTER (WHERE bought_at >= $as_of - INTERVAL 30 DAY) AS orders_30d,
    count(DISTINCT (customer_id, order_id)) FILTER (WHERE bought_at >= $as_of - INTERVAL 90 DAY) AS orders_90d,
    count(DISTINCT customer_id) AS customers,
    count(DISTINCT customer_id) FILTER (WHERE bought_at >= $as_of - INTERVAL 30 DAY) AS customers_30d,
    median(unit_price_milli) / CAST(1000 AS DOUBLE) AS median_price
  FROM lines GROUP BY position
), labels AS (
  SELECT position, description
  FROM (SELECT position, description, count(*) AS lines FROM lines WHERE description IS NOT NULL GROUP BY ALL)
  QUALIFY row_number() OVER (PARTITION BY position ORDER BY lines DESC, description) = 1
), everybody AS (
  SELECT greatest(count(DISTINCT customer_id), 1) AS customers FROM purchases
)
SELECT
  dimension_values.position,
  dimension_values.value,
  -- A product is called what its lines call it; a category is called by its own name.
  CASE WHEN $labelled THEN coalesce(labels.description, dimension_values.value) ELSE dimension_values.value END
    AS label,
  coalesce(demand.orders, 0) AS orders,
  coalesce(demand.orders_30d, 0) AS orders_30d,
  coalesce(demand.orders_90d, 0) AS orders_90d,
  coalesce(demand.customers, 0) AS customers,
  coalesce(demand.customers_30d, 0) AS customers_30d,
  coalesce(demand.customers, 0) / CAST(everybody.customers AS DOUBLE) AS share_of_customers,
  coalesce(demand.customers_30d, 0) / CAST(everybody.customers AS DOUBLE) AS share_30d,
  coalesce(demand.orders_30d, 0) / greatest(CAST(1 AS DOUBLE), coalesce(demand.orders_90d, 0) / CAST(3 AS DOUBLE))
    AS trend,
  coalesce(demand.median_price, 0) AS median_price
FROM dimension_values
CROSS JOIN everybody
LEFT JOIN demand ON demand.position = dimension_values.position
LEFT JOIN labels ON labels.position = dimension_values.position
WHERE dimension_values.dimension = $dimension
ORDER BY dimension_values.position;
