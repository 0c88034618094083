// Package attribution says which campaign a complaint is about, and why: because
// the source says so, because the text names the campaign or a variant of its
// name, or because the campaign reached the customer and the text fits.
//
// A text fits when it has words of the campaign (name, rules, copy), words in
// which people speak about any campaign, and words that rose among the
// complainants whom the campaign reached but not among the others. The last are
// learned from the stream, only from complaints before the one that is judged.
package attribution
