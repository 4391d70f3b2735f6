"""The peer: jigai's judgement written the plain way, one device at a time in Python.

It reads the same datasets, once, into dictionaries; numbers are exact decimals; results can be cached by signature.
Nothing of the column code is used. It exists to be compared with: the answers must be the same before speed is.
"""
