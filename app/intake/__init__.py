"""The journal in SQL, the OpenRosa and batch doors, blobs and quarantine."""
