// SPDX-License-Identifier: MIT

// Go itself: go yield|create|channel prints nanoseconds per operation, as g0.c does; Ms by GOMAXPROCS.
package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

const (
	yielders = 1000
	yields   = 1000
	creates  = 1000000
	trips    = 500000
	batch    = 50
)

func yield() int {
	done := make(chan bool, yielders)
	for i := 0; i < yielders; i++ {
		go func() {
			for i := 0; i < yields; i++ {
				runtime.Gosched()
			}
			done <- true
		}()
	}
	for i := 0; i < yielders; i++ {
		<-done
	}
	return yielders * yields
}

func create() int {
	for i := 0; i < creates; i += batch {
		for j := 0; j < batch; j++ {
			go func() {}()
		}
		runtime.Gosched()
	}
	return creates
}

func channel() int {
	there, back := make(chan byte), make(chan byte)
	go func() {
		for c := range there {
			back <- c
		}
	}()
	for i := 0; i < trips; i++ {
		there <- 0
		<-back
	}
	return trips
}

func main() {
	what := map[string]func() int{"yield": yield, "create": create, "channel": channel}[os.Args[1]]
	what() // warms up, as g0.c does
	begin := time.Now()
	n := what()
	fmt.Printf("%.2f\n", float64(time.Since(begin).Nanoseconds())/float64(n))
}
