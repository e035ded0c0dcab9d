-- A region's numbers, texts and the way out are settings like its name: importers write them as the app.
GRANT UPDATE (helplines, texts, exit_url) ON region TO landkarte_app;
