-- All that decides whether a fact stood on a day, in one index: the table is read only for the facts that did.
DROP INDEX facts_period;
CREATE INDEX facts_asof ON facts (ends, begins, public, recorded, status, id);
