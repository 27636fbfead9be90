"""The files the operator writes, read strictly; knows no target."""
