-- +goose Up

-- What figures keep of texts, so that nothing that was counted changes when the
-- texts are forgotten. mark is what a reply got for its wording when it was
-- first counted, under the form of figures (package fact) in mark_form, 0 for
-- not yet. escalations are flags of package fact, and needed and known the facts
-- of a hand-over: all three are 0 as long as the text is there.
ALTER TABLE case_messages ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_messages ADD COLUMN mark_form INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN escalations INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hand_overs ADD COLUMN needed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hand_overs ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
