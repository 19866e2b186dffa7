-- Every trigger of the vault, the one list (app/vault/triggers.py makes them after each migration and compares them at opening).
-- A sealed row cannot be updated, deleted or replaced; the one way out is a row in `destruction` for its student.
-- BEFORE INSERT stands against INSERT OR REPLACE, which deletes without asking a delete trigger where recursive_triggers is off.

CREATE TRIGGER trail_update BEFORE UPDATE ON trail
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
CREATE TRIGGER trail_delete BEFORE DELETE ON trail
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
CREATE TRIGGER trail_insert BEFORE INSERT ON trail
WHEN EXISTS (SELECT 1 FROM trail WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;

CREATE TRIGGER destruction_update BEFORE UPDATE ON destruction
BEGIN SELECT RAISE(ABORT, 'a destruction is never changed'); END;
CREATE TRIGGER destruction_delete BEFORE DELETE ON destruction
BEGIN SELECT RAISE(ABORT, 'a destruction is never removed'); END;
CREATE TRIGGER destruction_insert BEFORE INSERT ON destruction
WHEN EXISTS (SELECT 1 FROM destruction WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a destruction is never changed'); END;

CREATE TRIGGER voided_update BEFORE UPDATE ON voided
BEGIN SELECT RAISE(ABORT, 'a voiding is never changed'); END;
CREATE TRIGGER voided_delete BEFORE DELETE ON voided
WHEN NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'a voiding is never removed'); END;
CREATE TRIGGER voided_insert BEFORE INSERT ON voided
WHEN EXISTS (SELECT 1 FROM voided WHERE id = NEW.id OR (kind = NEW.kind AND record_id = NEW.record_id))
BEGIN SELECT RAISE(ABORT, 'a voiding is never changed'); END;
