"""From AZUREML_MODEL_DIR to a loaded, verified model; knows no table and no request."""
