-- The values of one dimension that features are made for, as known before the as-of date: the best sellers first.
-- Reads  transactions.
-- Writes best_sellers(value, orders).

CREATE OR REPLACE TABLE best_sellers AS
SELECT $column AS value, count(DISTINCT (customer_id, order_id)) AS orders
FROM transactions
WHERE bought_at < $as_of AND quantity > 0 AND $column IS NOT NULL
GROUP BY ALL
ORDER BY orders DESC, value;
