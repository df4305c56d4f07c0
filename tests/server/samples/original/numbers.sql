-- As a plain create_all with whole numbers leaves it: tags as JSON, booleans as 0 and 1, dates in every form, no
-- initiatives, no documents, and references that lead nowhere or in circles.
CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, email TEXT);
INSERT INTO users VALUES (1, 'ada', 'ada@example.com'), (2, 'grace', 'grace@example.com');
CREATE TABLE projects (id INTEGER PRIMARY KEY, key TEXT, name TEXT, description TEXT, is_archived BOOLEAN, created_at TEXT);
INSERT INTO projects VALUES (1, 'web-site', 'Web site', NULL, 0, '2026-01-01T09:00:00Z');
INSERT INTO projects VALUES (2, NULL, 'Apps', 'Both of them', 0, '2026-01-02');
CREATE TABLE milestones (id INTEGER PRIMARY KEY, project_id INTEGER REFERENCES projects (id), title TEXT, state TEXT, due_on TEXT);
INSERT INTO milestones VALUES (1, 1, 'Launch', 'open', '31.12.2026'), (2, 2, 'Beta', 'done', NULL);
CREATE TABLE issues (
    id INTEGER PRIMARY KEY, project_id INTEGER REFERENCES projects (id), number INTEGER, title TEXT, body TEXT,
    state TEXT, priority INTEGER, assignee_id INTEGER REFERENCES users (id), labels JSON, parent_id INTEGER,
    milestone_id INTEGER, due_date, created_at, updated_at, closed_at, estimate REAL, is_pinned BOOLEAN,
    screenshot BLOB, deleted_at TEXT
);
INSERT INTO issues VALUES (1, 1, 4, 'Part of itself', 'x', 'open', 1, 1, '["ui", "later"]', 2, 1, '2026-05-01', 1767258000, 1767344400000, NULL, 2.5, 1, NULL, NULL);
INSERT INTO issues VALUES (2, 1, 5, 'Part of the other', NULL, 'wontfix', 0, 2, '[]', 1, 2, 'soon', '2026-01-03 10:00:00', NULL, '2026-01-05', NULL, 0, x'89504e47', NULL);
INSERT INTO issues VALUES (3, 1, 5, 'The same number', 'x', 'mysterious', 7, 9, 'a, b', NULL, 99, NULL, 'Mon, 05 Jan 2026 09:00:00 GMT', NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO issues VALUES (4, 77, 1, 'Of no project', 'x', 'open', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO issues VALUES (5, 1, 6, 'Thrown away', 'x', 'open', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-01-09');
INSERT INTO issues VALUES (6, 1, 7, '   ', 'Without a title', 'open', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL);
CREATE TABLE comments (id INTEGER PRIMARY KEY, issue_id INTEGER, user_id INTEGER, body TEXT, created_at TEXT);
INSERT INTO comments VALUES (1, 1, 2, 'By somebody with an id', '2026-01-06 08:00:00'), (2, 1, NULL, '', NULL);
CREATE TABLE issue_dependencies (issue_id INTEGER, depends_on_id INTEGER);
INSERT INTO issue_dependencies VALUES (1, 3), (3, 1), (1, 42);
