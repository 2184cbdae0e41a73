"""The web editor: a draft's files as text and as forms, previewed and published."""
