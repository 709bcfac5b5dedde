//! For each line of standard input, a body in hexadecimal, prints its greeting and the count of its
//! numbers as JSON, or `null` if `serde_json` rejects it.

use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};

#[derive(Deserialize)]
struct InputPayload {
    name: String,
    count: u32,
}

#[derive(Serialize)]
struct Response {
    message: String,
    count: u32,
}

fn respond(body: Vec<u8>) -> Option<Response> {
    // The body of an event is a string, too.
    let body = String::from_utf8(body).ok()?;
    let payload: InputPayload = serde_json::from_str(&body).ok()?;
    Some(Response {
        message: format!("Hi, '{}'. Your lucky numbers are:", payload.name.to_uppercase()),
        count: payload.count.clamp(2, 20),
    })
}

fn unhex(line: &str) -> Vec<u8> {
    (0..line.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&line[at..at + 2], 16).expect("hexadecimal"))
        .collect()
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        serde_json::to_writer(&mut out, &respond(unhex(&line?)))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
