"""The only room that imports azureml-core."""
