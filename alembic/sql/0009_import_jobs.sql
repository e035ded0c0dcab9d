-- Lists on their way: the pages take them in, the worker does the rest; both are the app.
GRANT SELECT, INSERT, UPDATE, DELETE ON import_job, import_part, import_row TO landkarte_app;
