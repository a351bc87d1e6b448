"""Measurements that anyone can run again; not tests."""
