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

CREATE TRIGGER outgoing_update BEFORE UPDATE ON outgoing
BEGIN SELECT RAISE(ABORT, 'what went out is never changed'); END;
CREATE TRIGGER outgoing_delete BEFORE DELETE ON outgoing
WHEN NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'what went out is never removed'); END;
CREATE TRIGGER outgoing_insert BEFORE INSERT ON outgoing
WHEN EXISTS (SELECT 1 FROM outgoing WHERE id = NEW.id OR link = NEW.link)
BEGIN SELECT RAISE(ABORT, 'what went out is never changed'); END;

CREATE TRIGGER voided_update BEFORE UPDATE ON voided
BEGIN SELECT RAISE(ABORT, 'a voiding is never changed'); END;
CREATE TRIGGER voided_delete BEFORE DELETE ON voided
WHEN NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'a voiding is never removed'); END;
CREATE TRIGGER voided_insert BEFORE INSERT ON voided
WHEN EXISTS (SELECT 1 FROM voided WHERE id = NEW.id OR (kind = NEW.kind AND record_id = NEW.record_id))
BEGIN SELECT RAISE(ABORT, 'a voiding is never changed'); END;

-- Consultation notes: a signed note, its amendments, its risk answers and its disclosures stay as they were signed.
-- An answer about a risk may still be settled; ids of these kinds never move, or UPDATE OR REPLACE could push a row out
-- (a trigger of columns does not see `SET rowid = …`, so the id has a trigger of its own).
CREATE TRIGGER note_sealed_update BEFORE UPDATE ON note
WHEN OLD.status = 'signed' OR NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'a signed note cannot be changed'); END;
CREATE TRIGGER note_sealed_delete BEFORE DELETE ON note
WHEN OLD.status = 'signed' AND NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'a signed note cannot be deleted'); END;
CREATE TRIGGER note_sealed_insert BEFORE INSERT ON note
WHEN EXISTS (SELECT 1 FROM note WHERE id = NEW.id AND status = 'signed')
BEGIN SELECT RAISE(ABORT, 'a signed note cannot be replaced'); END;
CREATE TRIGGER note_amendment_sealed_update BEFORE UPDATE ON note_amendment
BEGIN SELECT RAISE(ABORT, 'an amendment cannot be changed'); END;
CREATE TRIGGER note_amendment_sealed_delete BEFORE DELETE ON note_amendment
WHEN NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'an amendment cannot be deleted'); END;
CREATE TRIGGER note_amendment_sealed_insert BEFORE INSERT ON note_amendment
WHEN EXISTS (SELECT 1 FROM note_amendment WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an amendment cannot be replaced'); END;
CREATE TRIGGER risk_answer_sealed_update
BEFORE UPDATE OF id, note_id, student_id, created_at, deleted_at, guardian, guardian_at, accompanied, head_told, head_at,
    referral, reported, reported_at, told_scope, done, reason ON risk_answer
WHEN NEW.id <> OLD.id OR EXISTS (SELECT 1 FROM note WHERE id IN (OLD.note_id, NEW.note_id) AND status = 'signed')
BEGIN SELECT RAISE(ABORT, 'the answers of a signed note cannot be changed'); END;
CREATE TRIGGER risk_answer_id BEFORE UPDATE ON risk_answer
WHEN NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'the answers of a signed note cannot be moved'); END;
CREATE TRIGGER risk_answer_sealed_delete BEFORE DELETE ON risk_answer
WHEN EXISTS (SELECT 1 FROM note WHERE id = OLD.note_id AND status = 'signed')
    AND NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'the answers of a signed note cannot be deleted'); END;
CREATE TRIGGER risk_answer_sealed_insert BEFORE INSERT ON risk_answer
WHEN EXISTS (SELECT 1 FROM note WHERE id = NEW.note_id AND status = 'signed')
    OR EXISTS (SELECT 1 FROM risk_answer a JOIN note n ON n.id = a.note_id WHERE a.id = NEW.id AND n.status = 'signed')
BEGIN SELECT RAISE(ABORT, 'a signed note takes no new answers'); END;
CREATE TRIGGER disclosure_sealed_update BEFORE UPDATE ON disclosure
WHEN NEW.id <> OLD.id OR EXISTS (SELECT 1 FROM note WHERE id IN (OLD.note_id, NEW.note_id) AND status = 'signed')
BEGIN SELECT RAISE(ABORT, 'a disclosure of a signed note cannot be changed'); END;
CREATE TRIGGER disclosure_sealed_delete BEFORE DELETE ON disclosure
WHEN EXISTS (SELECT 1 FROM note WHERE id = OLD.note_id AND status = 'signed')
    AND NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'a disclosure of a signed note cannot be deleted'); END;
CREATE TRIGGER disclosure_sealed_insert BEFORE INSERT ON disclosure
WHEN EXISTS (SELECT 1 FROM note WHERE id = NEW.note_id AND status = 'signed')
    OR EXISTS (SELECT 1 FROM disclosure d JOIN note n ON n.id = d.note_id WHERE d.id = NEW.id AND n.status = 'signed')
BEGIN SELECT RAISE(ABORT, 'a signed note takes no new disclosures'); END;
CREATE TRIGGER case_number_update BEFORE UPDATE ON case_number
WHEN NEW.last < OLD.last OR NEW.school_year <> OLD.school_year
BEGIN SELECT RAISE(ABORT, 'a case number is never given twice'); END;
CREATE TRIGGER case_number_delete BEFORE DELETE ON case_number
BEGIN SELECT RAISE(ABORT, 'a case number is never given twice'); END;
CREATE TRIGGER case_number_insert BEFORE INSERT ON case_number
WHEN EXISTS (SELECT 1 FROM case_number WHERE school_year = NEW.school_year)
BEGIN SELECT RAISE(ABORT, 'a case number is never given twice'); END;

-- Paper: an issued document, its protected copies and the certificates stay as they are; a number once given stays given.
CREATE TRIGGER issued_update BEFORE UPDATE ON issued
BEGIN SELECT RAISE(ABORT, 'an issued document cannot be changed'); END;
CREATE TRIGGER issued_delete BEFORE DELETE ON issued
WHEN NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'an issued document cannot be deleted'); END;
CREATE TRIGGER issued_insert BEFORE INSERT ON issued
WHEN EXISTS (SELECT 1 FROM issued WHERE id = NEW.id OR ref_no = NEW.ref_no OR sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'an issued document cannot be replaced'); END;
CREATE TRIGGER issued_copy_update BEFORE UPDATE ON issued_copy
BEGIN SELECT RAISE(ABORT, 'a protected copy cannot be changed'); END;
CREATE TRIGGER issued_copy_delete BEFORE DELETE ON issued_copy
WHEN NOT EXISTS (SELECT 1 FROM destruction WHERE student_id = OLD.student_id)
BEGIN SELECT RAISE(ABORT, 'a protected copy cannot be deleted'); END;
CREATE TRIGGER issued_copy_insert BEFORE INSERT ON issued_copy
WHEN EXISTS (SELECT 1 FROM issued_copy WHERE id = NEW.id OR sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'a protected copy cannot be replaced'); END;
CREATE TRIGGER certificate_update BEFORE UPDATE ON certificate
BEGIN SELECT RAISE(ABORT, 'a certificate cannot be changed'); END;
CREATE TRIGGER certificate_delete BEFORE DELETE ON certificate
BEGIN SELECT RAISE(ABORT, 'a certificate cannot be deleted'); END;
CREATE TRIGGER certificate_insert BEFORE INSERT ON certificate
WHEN EXISTS (SELECT 1 FROM certificate WHERE id = NEW.id OR fingerprint = NEW.fingerprint)
BEGIN SELECT RAISE(ABORT, 'a certificate cannot be replaced'); END;
CREATE TRIGGER number_series_update BEFORE UPDATE ON number_series
WHEN NEW.last < OLD.last OR NEW.id <> OLD.id OR NEW.prefix <> OLD.prefix OR NEW.school_year <> OLD.school_year
BEGIN SELECT RAISE(ABORT, 'a number is never given twice'); END;
CREATE TRIGGER number_series_delete BEFORE DELETE ON number_series
BEGIN SELECT RAISE(ABORT, 'a number is never given twice'); END;
CREATE TRIGGER number_series_insert BEFORE INSERT ON number_series
WHEN EXISTS (SELECT 1 FROM number_series WHERE id = NEW.id OR (prefix = NEW.prefix AND school_year = NEW.school_year))
BEGIN SELECT RAISE(ABORT, 'a number is never given twice'); END;
