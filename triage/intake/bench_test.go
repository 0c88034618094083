package intake_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/intake"
)

// BenchmarkComplaint reads and decodes complaints of 120 characters with a
// time and four more fields.
func BenchmarkComplaint(b *testing.B) {
	const rows = 20_000
	text := strings.Repeat("客户投诉话费多扣了，要求", 10)
	formats := map[string]func(w io.Writer, i int){
		"JSONL": func(w io.Writer, i int) {
			fmt.Fprintf(w, `{"id": "S%06d", "customer_id": "C%06d", "channel": "app", "at": "2026-03-01T04:36:03", "text": "%s", "region": "抚顺"}`+"\n", i, i, text)
		},
		"CSV": func(w io.Writer, i int) {
			fmt.Fprintf(w, "S%06d,C%06d,app,2026-03-01T04:36:03,\"%s\",抚顺\n", i, i, text)
		},
	}
	for name, write := range formats {
		var content strings.Builder
		if name == "CSV" {
			content.WriteString("id,customer_id,channel,at,text,region\n")
		}
		for i := range rows {
			write(&content, i)
		}
		for encoding, content := range map[string]string{"UTF-8": content.String(), "GB18030": gbk(b, content.String())} {
			b.Run(name+"/"+encoding, func(b *testing.B) {
				b.SetBytes(int64(len(content)))
				b.ReportAllocs()
				for b.Loop() {
					readComplaints(b, content, rows)
				}
				b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}

func readComplaints(b *testing.B, content string, want int) {
	r := open(b, content)
	n := 0
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			_, err = intake.Complaint(row)
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != want {
		b.Fatalf("got %d complaints, want %d", n, want)
	}
}
