-- An admin who acts through another process may have put things right: lanes that pause look whether this has risen.
alter table org add column resumes bigint not null default 0;
