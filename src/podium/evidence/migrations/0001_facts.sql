-- Facts in one chain, their sources, and how long the chain is.
CREATE TABLE sources (
    sha256 TEXT PRIMARY KEY,
    publisher TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    date TEXT NOT NULL,
    licence TEXT NOT NULL,
    locator TEXT NOT NULL
);
CREATE TABLE facts (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL,
    subject TEXT NOT NULL,
    folded TEXT NOT NULL,
    attribute TEXT NOT NULL,
    period TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    value DOUBLE PRECISION,
    low DOUBLE PRECISION,
    high DOUBLE PRECISION,
    unit TEXT NOT NULL,
    text TEXT NOT NULL,
    status TEXT NOT NULL,
    confidence TEXT NOT NULL,
    public TEXT NOT NULL,
    recorded TEXT NOT NULL,
    note TEXT NOT NULL,
    sources TEXT NOT NULL,
    supersedes TEXT NOT NULL,
    content TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX facts_key ON facts (key);
CREATE INDEX facts_folded ON facts (folded, attribute);
CREATE INDEX facts_attribute ON facts (attribute);
CREATE INDEX facts_period ON facts (begins, ends);
CREATE INDEX facts_supersedes ON facts (supersedes);
CREATE INDEX facts_content ON facts (content);
CREATE TABLE head (
    chain TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO head VALUES ('facts', 0, '');
