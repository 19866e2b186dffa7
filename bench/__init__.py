"""Speed and pictures: figures of a full vault (``python -m bench``) and pictures of every page (``python -m bench.screens``)."""
