import Testing

@testable import HumanFeedback

@Suite struct MarkupTagsTests {
    private func summary(_ text: String) throws -> [String] {
        try MarkupTags.parse(text).map { tag in
            let attributes = tag.attributes.map { " \($0.name)=\($0.value)" }.joined()
            return "\(tag.line) \(tag.name)\(attributes) in \(tag.parent.map(String.init) ?? "-")"
        }
    }

    @Test func tagsHaveAttributesLinesAndParents() throws {
        let text = """
            <View>
              <Text name="a"
                    value='$b' />
              <Choices><Choice value="x"/></Choices>
            </View>
            """
        #expect(
            try summary(text) == [
                "1 View in -", "2 Text name=a value=$b in 0", "4 Choices in 0",
                "4 Choice value=x in 2",
            ])
    }

    @Test func commentsAndTheirKindAreSkipped() throws {
        let text = """
            <?xml version="1.0"?><!DOCTYPE x>
            <!-- <Text name="no"/> -->
            <A><![CDATA[<B>]]> a > b </A>
            """
        #expect(try summary(text) == ["3 A in -"])
    }

    @Test func entitiesAreReplaced() {
        #expect(
            MarkupTags.unescaped("a &lt;&amp;&gt; &quot;&apos; &#65;&#x1F600; &x; & b &amp")
                == "a <&> \"' A😀 &x; & b &amp")
    }

    @Test func whatIsWrittenInQuotesMayHoldBrackets() throws {
        #expect(try summary(#"<A b="x > y / z"/>"#) == ["1 A b=x > y / z in -"])
    }

    @Test(arguments: [
        ("<A>\n<B>\n</A>", 3, "</A> closes a tag that is not open"),
        ("<A>", 1, "<A> is never closed"), ("</A>", 1, "</A> closes a tag that is not open"),
        ("<A b=c/>", 1, "the value of b is not in quotes"),
        ("<A b/>", 1, "the attribute b has no value"),
        ("<A\nb=\"c/>", 2, "the value of b does not end: expected \""),
        ("<A", 1, "<A does not end"), ("< A/>", 1, "a name is missing after \"<\" or in a tag"),
        ("<A/>\n<!-- x", 2, "a comment does not end: expected -->"),
        ("</A", 1, "</A does not end"),
    ])
    func damageHasALine(text: String, line: Int, problem: String) {
        #expect(throws: MarkupTags.Problem(line: line, text: problem)) {
            try MarkupTags.parse(text)
        }
    }
}
