// Package webhook takes complaints that other systems send by themselves: signed
// JSON, named by the source and the source's own id.
//
// A call that is repeated, by the source or by somebody who recorded it, finds
// the complaint stored and changes nothing. A signature is over the time and the
// body, and is good for a few minutes only.
package webhook
