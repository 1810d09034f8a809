# METADATA
# title: Questions to an OPA server
# description: |
#   What `ctkms check --engine URL` asks. The expectations travel with the question, {"ctkms": …, "expected": …}, so
#   that one server answers for many; those that the server itself holds do not count.
# custom:
#   library: true
package ctkms.server

# METADATA
# title: Keys of the document, as data.ctkms.documents.keys has them
# entrypoint: true
keys := found if found := data.ctkms.documents.keys with data.expected as input.expected

# METADATA
# title: The report of one key, as data.ctkms.report.report has it
# entrypoint: true
report := made if made := data.ctkms.report.report with data.expected as input.expected

# METADATA
# title: Why requests are not allowed, as data.ctkms.explanation.refused has it
# entrypoint: true
refused := made if made := data.ctkms.explanation.refused with data.expected as input.expected

# METADATA
# title: Who can do what with one key, as data.ctkms.matrix.table has it
# entrypoint: true
matrix := made if made := data.ctkms.matrix.table with data.expected as input.expected
