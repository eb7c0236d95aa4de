-- Rhythm: how regularly a customer comes, and whether the next visit is due.
-- Reads  orders_made.
-- Writes rhythm(customer_id, mean_gap_days, gap_ratio, weekend_share), one row a customer who bought.
-- A customer who came on one day only has no gap yet; 365 days stand for it.

CREATE OR REPLACE TABLE rhythm AS
WITH visits AS (
  SELECT
    customer_id,
    count(DISTINCT CAST(bought_at AS DATE)) AS days,
    date_diff('day', CAST(min(bought_at) AS DATE), CAST(max(bought_at) AS DATE)) AS span_days,
    date_diff('day', CAST(max(bought_at) AS DATE), $as_of) AS recency_days,
    count(*) AS orders,
    count(*) FILTER (WHERE isodow(bought_at) >= 6) AS weekend_orders
  FROM orders_made
  GROUP BY customer_id
), gaps AS (
  SELECT *, CASE WHEN days > 1 THEN span_days / CAST(days - 1 AS DOUBLE) ELSE 365 END AS mean_gap_days
  FROM visits
)
SELECT
  customer_id,
  mean_gap_days,
  recency_days / mean_gap_days AS gap_ratio,
  weekend_orders / CAST(orders AS DOUBLE) AS weekend_share
FROM gaps;
