-- Base tables of one as-of date: what was bought and brought back before that day (00:00), and nothing after.
-- Reads  transactions(customer_id, order_id, bought_at, product, category, description, quantity, unit_price_milli,
--        amount_milli) and customer_rows(customer_id, …).
-- Writes purchases, returned, orders_made, bought, price_thirds, customer_keys.
-- $as_of stands for a date literal. Money is in thousandths of the currency unit, as BIGINT: sums of integers are
-- the same on every machine and with any number of threads, sums of floats are not.

CREATE OR REPLACE TABLE purchases AS
SELECT * FROM transactions WHERE bought_at < $as_of AND quantity > 0;

-- Lines brought back or cancelled: they count toward returns_share only.
CREATE OR REPLACE TABLE returned AS
SELECT * FROM transactions WHERE bought_at < $as_of AND quantity < 0;

-- One row an order. An order belongs to one customer; the same number at another customer is another order.
CREATE OR REPLACE TABLE orders_made AS
SELECT customer_id, order_id, min(bought_at) AS bought_at, count(*) AS lines, CAST(sum(amount_milli) AS BIGINT) AS amount_milli
FROM purchases
GROUP BY customer_id, order_id;

-- Who bought what, each product once a customer.
CREATE OR REPLACE TABLE bought AS
SELECT DISTINCT customer_id, product FROM purchases;

-- The prices that part all lines into a cheap, a middle and a premium third.
CREATE OR REPLACE TABLE price_thirds AS
SELECT quantile_disc(unit_price_milli, 1 / 3) AS cheap_to, quantile_disc(unit_price_milli, 2 / 3) AS premium_above
FROM purchases;

-- Who gets a row: everybody who bought, and everybody in the customer file.
CREATE OR REPLACE TABLE customer_keys AS
SELECT customer_id FROM purchases
UNION
SELECT customer_id FROM customer_rows;
