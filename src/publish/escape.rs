//! Text → XML, into bytes that are there already.

/// Appends a text with everything escaped that has a meaning in XML.
pub(super) fn escape_into(out: &mut Vec<u8>, text: &str) {
    const BLOCK: usize = 32;
    // Without branches, and not inlined: else the compiler makes no vector instructions of it.
    #[inline(never)]
    fn any_special(block: &[u8; BLOCK]) -> bool {
        let is = |b: u8, c: u8| u8::from(b == c);
        let found =
            |found: u8, &b: &u8| found | is(b, b'<') | is(b, b'>') | is(b, b'&') | is(b, b'"') | is(b, b'\'');
        block.iter().fold(0, found) != 0
    }
    let bytes = text.as_bytes();
    let mut copied = 0;
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (i, block) in blocks.iter().enumerate() {
        if any_special(block) {
            escape_block(out, bytes, &mut copied, i * BLOCK, block);
        }
    }
    escape_block(out, bytes, &mut copied, bytes.len() - rest.len(), rest);
    out.extend_from_slice(&bytes[copied..]);
}

/// Appends what of `bytes` is not `copied` yet, up to the last character of a block (at `from`) that is to be escaped.
fn escape_block(out: &mut Vec<u8>, bytes: &[u8], copied: &mut usize, from: usize, block: &[u8]) {
    for (i, &b) in (from..).zip(block) {
        let instead: &[u8] = match b {
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'&' => b"&amp;",
            b'"' => b"&quot;",
            b'\'' => b"&apos;",
            _ => continue,
        };
        out.extend_from_slice(&bytes[*copied..i]);
        out.extend_from_slice(instead);
        *copied = i + 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_is_escaped_as_quick_xml_does(text in "[a-f<>&'\"é\u{627} \n]{0,200}") {
            let mut out = b"before".to_vec();
            escape_into(&mut out, &text);
            let expected = format!("before{}", quick_xml::escape::escape(text.as_str()));
            prop_assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
