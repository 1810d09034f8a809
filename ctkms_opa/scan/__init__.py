"""What a live account holds: its trails, event data stores, their keys, buckets and topics, read and never changed.

Needs boto3 (the extra `aws`); nothing else in ctkms does.
"""
