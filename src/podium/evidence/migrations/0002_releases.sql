-- What each import held: a release of a series, and the facts that are its members, changed or not.
CREATE TABLE releases (
    seq INTEGER PRIMARY KEY,
    series TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    file TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    recorded TEXT NOT NULL,
    revises TEXT NOT NULL,
    members INTEGER NOT NULL,
    digest TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (series, name)
);
CREATE TABLE members (
    release INTEGER NOT NULL,
    fact INTEGER NOT NULL,
    PRIMARY KEY (release, fact)
);
INSERT INTO head VALUES ('releases', 0, '');
