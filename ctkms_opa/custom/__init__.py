"""Users' own rules: packages `custom.ctkms.<family>.<rule>` beside the pack, whose findings add to the pack's.

They are read and evaluated in a process of their own, which can be stopped: see `ctkms_opa.custom.process`.
"""
