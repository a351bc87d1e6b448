"""What runs inside Label Studio's own process, or beside it on its database: settings, isolation, accounts."""
