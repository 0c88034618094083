package web_test

import (
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// checkDocumented wants every field of an answer to be in the document, which
// allows further fields, so that validation alone would not see a missing one.
func checkDocumented(t *testing.T, op *openapi3.Operation, r response) {
	t.Helper()
	answer := op.Responses.Status(r.status)
	if answer == nil || answer.Value.Content.Get("application/json") == nil {
		return
	}
	var body any
	if err := json.Unmarshal(r.body, &body); err != nil {
		t.Errorf("answer is not JSON: %v", err)
		return
	}
	checkFields(t, op.OperationID, answer.Value.Content.Get("application/json").Schema, body)
}

func checkFields(t *testing.T, place string, schema *openapi3.SchemaRef, value any) {
	t.Helper()
	if schema == nil || schema.Value == nil {
		return
	}
	s := schema.Value
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			checkFields(t, place+"[]", s.Items, item)
		}
	case map[string]any:
		for name, field := range value {
			property, known := s.Properties[name]
			if !known && s.AdditionalProperties.Schema == nil && len(s.Properties) > 0 {
				t.Errorf("%s.%s is not in the document", place, name)
			}
			checkFields(t, place+"."+name, property, field)
		}
	}
}
