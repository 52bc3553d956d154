-- P10 proofs: whether a picture is somebody's proof is asked whenever one is looked at, sent again or
-- deleted, and was answered by reading every proof there ever was.
create index proofs_by_picture on proofs (picture_id);
