// Package prevention finds problems while they are small. For now it watches
// combinations of facts (a type of complaint in a region, for a product, in a
// campaign) for more customers than their past explains.
package prevention
