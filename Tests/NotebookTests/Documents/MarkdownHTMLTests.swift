import Testing

@testable import Notebook

@Suite struct MarkdownHTMLTests {
    @Test(arguments: [
        ("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>\n"),
        ("## T *x*\ntext", "<h2>T <em>x</em></h2>\n<p>text</p>\n"),
        (
            "- a\n- b\n  more\n\n1. c",
            "<ul>\n<li>a</li>\n<li>b\nmore</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n"
        ),
        ("```x\n<a>\n\n```\nb", "<pre>&lt;a&gt;\n</pre>\n<p>b</p>\n"),
        ("> q\n> r", "<blockquote><p>q\nr</p>\n</blockquote>\n"),
        ("<!-- no\nno -->\na", "<p>a</p>\n"),
        (
            "**b** `c*d*` \\*e 2 * 3 * 4",
            "<p><strong>b</strong> <code>c*d*</code> *e 2 * 3 * 4</p>\n"
        ),
        ("[t](https://a.b/?x=\"1\")", "<p><a href=\"https://a.b/?x=&quot;1&quot;\">t</a></p>\n"),
        ("[t](javascript:alert)", "<p>[t](javascript:alert)</p>\n"),
        ("[t] (x", "<p>[t] (x</p>\n"), ("#no", "<p>#no</p>\n"),
        ("[the data](data/README.md), see", "<p>the data, see</p>\n"),
        ("| a |\n| b |", "<pre>| a |\n| b |</pre>\n"),
        (
            "| a | b \\| c |\n|---|--:|\n| *1* | <2> |",
            "<div class=\"scroll\"><table>\n<thead><tr><th>a</th><th class=\"n\">b | c</th></tr>\n"
                + "</thead>\n<tbody>\n<tr><td><em>1</em></td><td class=\"n\">&lt;2&gt;</td></tr>\n"
                + "</tbody></table></div>\n"
        ),
    ])
    func `writes the Markdown of lessons`(markdown: String, html: String) {
        #expect(MarkdownHTML.html(of: markdown) == html)
    }

    @Test func `every prefix of a lesson ends`() {
        for length in 0...SessionExportTests.lesson.count {
            _ = MarkdownHTML.html(of: String(SessionExportTests.lesson.prefix(length)))
        }
    }
}
