// Package desk is where people work on clusters: they judge, own, correct, act
// on and close them, and look at who is silent below. Every change has its entry
// in the audit trail; a remark is its own.
package desk
