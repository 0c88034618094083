// Package llm asks a language model behind an OpenAI-compatible address: a
// provider's or one of the company's own. The product works without it; what it
// writes is a draft for a person.
//
// What customers wrote goes into the user message only, so that it is data to
// the model and not instruction, and goes out redacted (Redacted).
package llm
