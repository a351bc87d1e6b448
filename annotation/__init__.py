"""The codebook and everything between sanitized ads and labels."""
