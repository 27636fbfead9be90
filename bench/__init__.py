"""Measurements that anybody can repeat: each prints its figures with versions and machine."""
