# METADATA
# title: Members of objects
# description: "Reads a member of whatever a document holds: of the kind that is asked for, or empty. Total functions."
# custom:
#   library: true
package ctkms.documents.inside

# METADATA
# description: "The object under a member; empty where there is none."
map(value, name) := object.get(value, name, {}) if {
	is_object(value)
	is_object(object.get(value, name, null))
} else := {}

# METADATA
# description: "The list under a member; empty where there is none."
list(value, name) := object.get(value, name, []) if {
	is_object(value)
	is_array(object.get(value, name, null))
} else := []

# METADATA
# description: "The text under a member; empty where there is none."
text(value, name) := object.get(value, name, "") if {
	is_object(value)
	is_string(object.get(value, name, null))
} else := ""
