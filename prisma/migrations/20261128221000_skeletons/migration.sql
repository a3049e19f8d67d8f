-- `1`, `i` and `l` read alike: what names are compared by folds all three onto `l`.
UPDATE endpoint SET skeleton = translate(skeleton, 'i', 'l') WHERE skeleton LIKE '%i%';
UPDATE reservation SET skeleton = translate(skeleton, 'i', 'l') WHERE skeleton LIKE '%i%';
UPDATE held_name SET skeleton = translate(skeleton, 'i', 'l') WHERE skeleton LIKE '%i%';
