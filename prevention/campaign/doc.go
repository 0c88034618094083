// Package campaign follows what marketing does to customers: which campaign a
// complaint is about, how many were reached, how a campaign is doing against its
// own past and its like, whether it should go on, and what a new one risks.
package campaign
