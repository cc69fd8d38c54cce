/// The page's style sheet.
enum HTMLStyle {
    static let text = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1f2328;--dim:#57606a;--line:#d0d7de;--panel:#f6f8fa;--link:#0550ae;
        --add:#116329;--add-bg:#e6ffec;--del:#a40e26;--del-bg:#ffebe9;--mod:#7d4e00;--mod-bg:#fff8c5;--drift:#6639ba;--focus:#0550ae}
        @media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9da7b3;--line:#3d444d;--panel:#161b22;--link:#79c0ff;
        --add:#7ee787;--add-bg:#12261e;--del:#ffa198;--del-bg:#301a1b;--mod:#e3b341;--mod-bg:#2b2412;--drift:#d2a8ff;--focus:#79c0ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:84rem;padding:1rem 1.5rem 4rem;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
        a{color:var(--link)}
        :focus-visible{outline:2px solid var(--focus);outline-offset:2px}
        .skip{position:absolute;left:-99rem}.skip:focus{position:static}
        h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.2rem;margin:1.8rem 0 .5rem}h3{font-size:1rem;margin:1.2rem 0 .4rem}
        code,pre,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.87rem}
        .closing{font-size:1.05rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}
        dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
        .notice{border:1px solid var(--line);border-left:.3rem solid var(--mod);border-radius:.4rem;padding:.3rem 1rem;margin:1rem 0}
        .notice.danger{border-left-color:var(--del)}.notice h2{margin:.3rem 0}.notice li{overflow-wrap:anywhere}
        .danger-text{color:var(--del);font-weight:600}
        table{border-collapse:collapse}th,td{padding:.2rem .8rem;border-bottom:1px solid var(--line);text-align:right}
        th:first-child,td:first-child{text-align:left;font-weight:400}thead th{color:var(--dim)}
        form{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center;background:var(--bg);
        padding:.6rem 0;border-bottom:1px solid var(--line)}
        form[hidden]{display:none}
        fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.1rem .7rem}legend{float:left;margin-right:.6rem;color:var(--dim)}
        input[type=search],select,button{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:.4rem;
        padding:.25rem .6rem}
        input[type=search]{min-width:17rem}select{max-width:17rem}
        .item{border:1px solid var(--line);border-radius:.4rem;margin:.35rem 0;content-visibility:auto;contain-intrinsic-size:auto 2.3rem;
        scroll-margin-top:8rem}
        .item[hidden],.group[hidden]{display:none}
        .item>summary{cursor:pointer;padding:.35rem .7rem;overflow-wrap:anywhere}
        .item[open]>summary{border-bottom:1px solid var(--line);background:var(--panel)}
        .item:target{border-color:var(--focus)}
        .sign{display:inline-block;min-width:2.2rem;text-align:center;font-weight:700;font-family:ui-monospace,monospace}
        .id{font-weight:600}.meta{color:var(--dim);font-size:.87rem}
        .badge{border:1px solid currentColor;border-radius:1rem;padding:0 .5rem;font-size:.8rem;margin-left:.3rem}
        .added .sign,.added .verb{color:var(--add)}.removed .sign,.removed .verb{color:var(--del)}
        .changed .sign,.changed .verb{color:var(--mod)}.replaced .sign,.replaced .verb{color:var(--del)}
        .body{padding:.4rem .7rem}.body p{margin:.2rem 0;overflow-wrap:anywhere}.body ul{margin:.2rem 0;padding-left:1.3rem}
        pre{margin:.4rem 0;overflow-x:auto;line-height:1.45}
        pre span{display:block;min-width:max-content;padding:0 .5rem}
        pre .f{font-weight:600}pre .a{background:var(--add-bg);color:var(--add)}pre .d{background:var(--del-bg);color:var(--del)}
        pre .m{background:var(--mod-bg);color:var(--mod)}pre .g{color:var(--dim);background:var(--panel)}
        pre i{color:var(--drift);font-style:normal}pre b{font-weight:400}
        .graph{overflow:auto;max-height:75vh;border:1px solid var(--line);border-radius:.4rem;background:var(--bg)}
        svg{display:block}svg text{font:12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--fg)}
        svg .kind{font-weight:700}svg rect{fill:var(--panel);stroke:var(--line);stroke-width:1.5}
        svg .edges path{fill:none;stroke:var(--dim);stroke-width:1.3}svg .head{fill:var(--dim);stroke:none}
        svg a{text-decoration:none}svg .added rect{stroke:var(--add);fill:var(--add-bg)}svg .removed rect,svg .replaced rect{stroke:var(--del);fill:var(--del-bg)}
        svg .changed rect{stroke:var(--mod);fill:var(--mod-bg)}svg .added .sign{fill:var(--add)}svg .removed .sign,svg .replaced .sign{fill:var(--del)}
        svg .changed .sign{fill:var(--mod)}svg a:focus-visible rect,svg a:hover rect{stroke-width:3}
        @media print{form,.skip{display:none}.item{break-inside:avoid}.graph{max-height:none}}

        """
}
