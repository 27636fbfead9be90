"""Scripts of Studio (classic) and the designer, `azureml_main`, served as they are.

Only the door `studio.py` needs this package; delete both together and nothing else changes.
What runs in the server's worker: service, request, tables, answers, runner. What runs in a
process of its own: fork_server, child, script, results, images, isolation.
"""
