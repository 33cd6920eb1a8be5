"""The decoders behind `indexer/media.py`: PyAV and decord.

Only the modules of this folder import the two libraries.
"""
