-- Recency, frequency and value: when a customer last ordered, how often, for how much.
-- Reads  orders_made.
-- Writes recency_frequency_value(customer_id, …), one row a customer who bought. Days are whole calendar days.

CREATE OR REPLACE TABLE recency_frequency_value AS
SELECT
  customer_id,
  date_diff('day', CAST(max(bought_at) AS DATE), $as_of) AS recency_days,
  date_diff('day', CAST(min(bought_at) AS DATE), $as_of) AS tenure_orders_days,
  count(*) AS orders,
  count(*) FILTER (WHERE bought_at >= $as_of - INTERVAL 30 DAY) AS orders_30d,
  count(*) FILTER (WHERE bought_at >= $as_of - INTERVAL 90 DAY) AS orders_90d,
  count(*) FILTER (WHERE bought_at >= $as_of - INTERVAL 365 DAY) AS orders_365d,
  sum(amount_milli) / CAST(1000 AS DOUBLE) AS spend,
  coalesce(sum(amount_milli) FILTER (WHERE bought_at >= $as_of - INTERVAL 90 DAY), 0) / CAST(1000 AS DOUBLE) AS spend_90d,
  coalesce(sum(amount_milli) FILTER (WHERE bought_at >= $as_of - INTERVAL 365 DAY), 0) / CAST(1000 AS DOUBLE) AS spend_365d,
  sum(amount_milli) / (CAST(1000 AS DOUBLE) * count(*)) AS avg_order_value
FROM orders_made
GROUP BY customer_id;
