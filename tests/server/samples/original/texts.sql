-- Camel case, ids as texts with dashes, parents and milestones by key, decisions within projects, hours instead of minutes.
CREATE TABLE Project (id TEXT PRIMARY KEY, identifier TEXT, name TEXT, createdAt TEXT);
INSERT INTO Project VALUES ('6F9619FF-8B86-D011-B42D-00C04FC964FF', 'APP', 'App', '2026-01-01T00:00:00+02:00');
CREATE TABLE Issue (id TEXT PRIMARY KEY, identifier TEXT, projectId TEXT, title TEXT, description TEXT, status TEXT, priority TEXT, parentKey TEXT, blockedBy TEXT, acceptanceCriteria TEXT, createdBy TEXT, createdAt TEXT);
INSERT INTO Issue VALUES ('a0000000-0000-0000-0000-000000000001', 'APP-3', '6f9619ff8b86d011b42d00c04fc964ff', 'Above', 'x', 'in progress', 'p1', NULL, NULL, '["It opens", "It closes"]', 'grace', '2026-01-02T00:00:00Z');
INSERT INTO Issue VALUES ('a0000000-0000-0000-0000-000000000002', 'APP-1', '6f9619ff-8b86-d011-b42d-00c04fc964ff', 'Below', 'x', 'done', 'none', 'app-3', '["APP-3", "APP-9"]', NULL, 'ada', '2026-01-01T00:00:00Z');
CREATE TABLE Decision (id TEXT PRIMARY KEY, projectId TEXT, title TEXT, decision TEXT, status TEXT, supersededBy TEXT, date TEXT);
INSERT INTO Decision VALUES ('d1', '6f9619ff-8b86-d011-b42d-00c04fc964ff', 'One', 'This', 'accepted', 'd2', '2026-01-04'), ('d2', '6f9619ff-8b86-d011-b42d-00c04fc964ff', 'Two', NULL, 'accepted', 'd1', '2026-01-05');
CREATE TABLE WorkLog (id TEXT PRIMARY KEY, issueKey TEXT, notes TEXT, hours REAL, author TEXT, createdAt TEXT);
INSERT INTO WorkLog VALUES ('w1', 'APP-3', 'Looked', 1.5, 'grace', '2026-01-06T00:00:00Z'), ('w2', 'APP-77', 'Lost', 1, 'grace', '2026-01-06T00:00:00Z');
